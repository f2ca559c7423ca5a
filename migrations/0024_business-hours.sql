CREATE TABLE "session_timers" (
	"session_id" uuid NOT NULL,
	"event" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"ts" text NOT NULL,
	"tried" uuid[] DEFAULT '{}' NOT NULL,
	"due_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"unfinished" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "session_timers_session_id_event_pk" PRIMARY KEY("session_id","event")
);
--> statement-breakpoint
ALTER TABLE "bindings" ADD COLUMN "wait_minutes" integer;--> statement-breakpoint
ALTER TABLE "bindings" ADD COLUMN "waits_in_hours" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "bindings" ADD COLUMN "armed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "live_chats" ADD COLUMN "business_hours" jsonb;--> statement-breakpoint
ALTER TABLE "session_timers" ADD CONSTRAINT "session_timers_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "session_timers_due" ON "session_timers" USING btree ("unfinished","due_at") WHERE "session_timers"."due_at" is not null;