ALTER TABLE "session_messages" ADD COLUMN "edited_ts" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "early_edits" jsonb;