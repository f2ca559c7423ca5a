UPDATE "engine_timers" SET "due_at" = "leased_until" WHERE "leased_until" IS NOT NULL;--> statement-breakpoint
UPDATE "engine_start_events" SET "due_at" = "leased_until" WHERE "leased_until" IS NOT NULL AND "due_at" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_changes" DROP COLUMN "revision";--> statement-breakpoint
ALTER TABLE "engine_start_events" DROP COLUMN "leased_until";--> statement-breakpoint
ALTER TABLE "engine_timers" DROP COLUMN "leased_until";