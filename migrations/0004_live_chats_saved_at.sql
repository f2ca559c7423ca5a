DROP INDEX "engine_jobs_due";--> statement-breakpoint
ALTER TABLE "live_chats" ADD COLUMN "saved_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
CREATE INDEX "engine_timers_leased" ON "engine_timers" USING btree ("leased_until") WHERE "engine_timers"."leased_until" is not null;--> statement-breakpoint
CREATE INDEX "task_messages_held" ON "task_messages" USING btree ("channel_id") WHERE "task_messages"."ts" is null;--> statement-breakpoint
CREATE INDEX "engine_jobs_due" ON "engine_jobs" USING btree ("type","due_at") WHERE "engine_jobs"."due_at" is not null;