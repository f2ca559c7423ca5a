DROP INDEX "bindings_event";--> statement-breakpoint
ALTER TABLE "bindings" ADD COLUMN "position" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "bindings" ADD COLUMN "is_on" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "bindings" ADD COLUMN "conditions" jsonb;--> statement-breakpoint
ALTER TABLE "bindings" ADD COLUMN "policy" text DEFAULT 'every_time' NOT NULL;--> statement-breakpoint
ALTER TABLE "bindings" ADD COLUMN "policy_minutes" integer;--> statement-breakpoint
ALTER TABLE "bindings" ADD COLUMN "skips_awaited" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "bindings" ADD COLUMN "stops" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "bindings" ADD COLUMN "revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "session_events" ADD COLUMN "held_back" jsonb;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "last_client_message_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "last_answered_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "starts" ADD COLUMN "binding_id" uuid;--> statement-breakpoint
CREATE INDEX "bindings_of_event" ON "bindings" USING btree ("live_chat_id","event","position");--> statement-breakpoint
CREATE INDEX "starts_binding" ON "starts" USING btree ("session_id","binding_id","created_at") WHERE "starts"."binding_id" is not null;--> statement-breakpoint
UPDATE "starts" SET "binding_id" = "bindings"."id" FROM "bindings"
  WHERE "bindings"."live_chat_id" = "starts"."live_chat_id" AND "bindings"."event" = "starts"."event"
    AND "bindings"."process_definition_id" = "starts"."process_definition_id";--> statement-breakpoint
UPDATE "sessions" SET "last_answered_at" = "written"."staff",
    "last_client_message_at" = coalesce("written"."client", CASE
      WHEN "client_user_id" IS NOT NULL AND coalesce("client_origin", 'message') = 'message' THEN "opened_at" END)
  FROM (SELECT "all"."id", max("at") FILTER (WHERE "author" = 'client') AS "client",
      max("at") FILTER (WHERE "author" = 'staff') AS "staff"
    FROM "sessions" "all" LEFT JOIN "session_events" ON "session_id" = "all"."id" AND "kind" = 'message'
    GROUP BY "all"."id") "written"
  WHERE "written"."id" = "sessions"."id";
