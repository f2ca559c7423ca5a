DROP INDEX "engine_timers_leased";--> statement-breakpoint
DROP INDEX "conversation_events_due";--> statement-breakpoint
DROP INDEX "deferred_deliveries_due";--> statement-breakpoint
DROP INDEX "engine_changes_due";--> statement-breakpoint
DROP INDEX "engine_jobs_due";--> statement-breakpoint
DROP INDEX "engine_message_starts_due";--> statement-breakpoint
DROP INDEX "engine_messages_starts_due";--> statement-breakpoint
DROP INDEX "engine_signal_deliveries_due";--> statement-breakpoint
DROP INDEX "engine_start_events_due";--> statement-breakpoint
DROP INDEX "engine_subscriptions_due";--> statement-breakpoint
DROP INDEX "engine_timers_due";--> statement-breakpoint
DROP INDEX "homes_refresh_due";--> statement-breakpoint
DROP INDEX "live_chats_adoption_due";--> statement-breakpoint
DROP INDEX "sessions_join_due";--> statement-breakpoint
DROP INDEX "starts_due";--> statement-breakpoint
DROP INDEX "starts_activity_due";--> statement-breakpoint
DROP INDEX "task_reminders_due";--> statement-breakpoint
ALTER TABLE "conversation_events" ADD COLUMN "unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "deferred_deliveries" ADD COLUMN "unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_changes" ADD COLUMN "unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_jobs" ADD COLUMN "unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_message_starts" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_message_starts" ADD COLUMN "unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_messages" ADD COLUMN "starts_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_messages" ADD COLUMN "starts_unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_signal_deliveries" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_signal_deliveries" ADD COLUMN "unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_start_events" ADD COLUMN "fires_at" timestamp with time zone;--> statement-breakpoint
UPDATE "engine_start_events" SET "fires_at" = "due_at";--> statement-breakpoint
ALTER TABLE "engine_start_events" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_start_events" ADD COLUMN "unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_subscriptions" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_subscriptions" ADD COLUMN "unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_timers" ADD COLUMN "fires_at" timestamp with time zone;--> statement-breakpoint
UPDATE "engine_timers" SET "fires_at" = "due_at";--> statement-breakpoint
ALTER TABLE "engine_timers" ALTER COLUMN "fires_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_timers" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_timers" ADD COLUMN "unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "homes" ADD COLUMN "refresh_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "homes" ADD COLUMN "refresh_unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "live_chats" ADD COLUMN "adoption_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "live_chats" ADD COLUMN "adoption_unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "join_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "join_unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "starts" ADD COLUMN "unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "starts" ADD COLUMN "activity_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "starts" ADD COLUMN "activity_unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "task_reminders" ADD COLUMN "unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "conversation_events_due" ON "conversation_events" USING btree ("unfinished","due_at");--> statement-breakpoint
CREATE INDEX "deferred_deliveries_due" ON "deferred_deliveries" USING btree ("unfinished","due_at");--> statement-breakpoint
CREATE INDEX "engine_changes_due" ON "engine_changes" USING btree ("unfinished","due_at");--> statement-breakpoint
CREATE INDEX "engine_jobs_due" ON "engine_jobs" USING btree ("type","unfinished","due_at") WHERE "engine_jobs"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "engine_message_starts_due" ON "engine_message_starts" USING btree ("unfinished","due_at") WHERE "engine_message_starts"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "engine_messages_starts_due" ON "engine_messages" USING btree ("starts_unfinished","starts_due_at") WHERE "engine_messages"."starts_due_at" is not null;--> statement-breakpoint
CREATE INDEX "engine_signal_deliveries_due" ON "engine_signal_deliveries" USING btree ("unfinished","due_at");--> statement-breakpoint
CREATE INDEX "engine_start_events_due" ON "engine_start_events" USING btree ("unfinished","due_at") WHERE "engine_start_events"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "engine_subscriptions_due" ON "engine_subscriptions" USING btree ("unfinished","due_at") WHERE "engine_subscriptions"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "engine_timers_due" ON "engine_timers" USING btree ("unfinished","due_at");--> statement-breakpoint
CREATE INDEX "homes_refresh_due" ON "homes" USING btree ("refresh_unfinished","refresh_due_at") WHERE "homes"."refresh_due_at" is not null;--> statement-breakpoint
CREATE INDEX "live_chats_adoption_due" ON "live_chats" USING btree ("adoption_unfinished","adoption_due_at") WHERE "live_chats"."adoption_due_at" is not null;--> statement-breakpoint
CREATE INDEX "sessions_join_due" ON "sessions" USING btree ("join_unfinished","join_due_at") WHERE "sessions"."join_due_at" is not null;--> statement-breakpoint
CREATE INDEX "starts_due" ON "starts" USING btree ("unfinished","due_at") WHERE "starts"."status" = 'waiting';--> statement-breakpoint
CREATE INDEX "starts_activity_due" ON "starts" USING btree ("activity_unfinished","activity_due_at") WHERE "starts"."activity_due_at" is not null;--> statement-breakpoint
CREATE INDEX "task_reminders_due" ON "task_reminders" USING btree ("unfinished","due_at") WHERE "task_reminders"."due_at" is not null;