ALTER TABLE "session_events" ADD COLUMN "is_awaited" boolean;--> statement-breakpoint
ALTER TABLE "session_messages" ADD COLUMN "thread_ts" text;--> statement-breakpoint
ALTER TABLE "session_messages" ADD COLUMN "files" jsonb;