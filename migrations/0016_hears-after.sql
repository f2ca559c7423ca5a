ALTER TABLE "engine_instances" ADD COLUMN "hears_after" bigint;--> statement-breakpoint
ALTER TABLE "engine_messages" ADD COLUMN "said_at" bigint;--> statement-breakpoint
ALTER TABLE "engine_subscriptions" ADD COLUMN "hears_after" bigint;--> statement-breakpoint
ALTER TABLE "remote_messages" ADD COLUMN "said_at" bigint;--> statement-breakpoint
ALTER TABLE "remote_requests" ADD COLUMN "hears_after" bigint;--> statement-breakpoint
ALTER TABLE "conversation_events" DROP COLUMN "holds_start";--> statement-breakpoint
-- Starts that waited until their message was published.
UPDATE "starts" SET "due_at" = now() WHERE "status" = 'waiting' AND "due_at" IS NULL;
