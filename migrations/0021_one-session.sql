CREATE TABLE "former_channels" (
	"team_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"session_id" uuid NOT NULL,
	CONSTRAINT "former_channels_team_id_channel_id_pk" PRIMARY KEY("team_id","channel_id")
);
--> statement-breakpoint
CREATE TABLE "former_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"session_id" uuid NOT NULL
);
--> statement-breakpoint
ALTER TABLE "conversation_events" ADD COLUMN "starts_processes" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "former_channels" ADD CONSTRAINT "former_channels_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "former_sessions" ADD CONSTRAINT "former_sessions_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "former_channels_session" ON "former_channels" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "former_sessions_session" ON "former_sessions" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "sessions_name" ON "sessions" USING btree ("team_id","name");