CREATE TABLE "conversation_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "conversation_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"session_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"message" jsonb,
	"holds_start" boolean NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversation_listeners" (
	"message_name" text NOT NULL,
	"process_definition_id" text NOT NULL,
	CONSTRAINT "conversation_listeners_message_name_process_definition_id_pk" PRIMARY KEY("message_name","process_definition_id")
);
--> statement-breakpoint
ALTER TABLE "engine_definitions" ADD COLUMN "receives" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_definitions" ADD COLUMN "calls" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "conversation_events" ADD CONSTRAINT "conversation_events_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversation_events_session" ON "conversation_events" USING btree ("session_id","id");--> statement-breakpoint
CREATE INDEX "conversation_events_due" ON "conversation_events" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "starts_active" ON "starts" USING btree ("session_id") WHERE "starts"."status" in ('waiting', 'running');