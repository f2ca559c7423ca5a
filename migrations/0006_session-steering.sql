ALTER TABLE "session_events" ADD COLUMN "received_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "session_events" ADD COLUMN "deliveries" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "session_events" ADD COLUMN "redelivered_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "session_events" ADD COLUMN "author" text;--> statement-breakpoint
ALTER TABLE "session_events" ADD COLUMN "session_status" text;--> statement-breakpoint
ALTER TABLE "session_events" ADD COLUMN "is_bound" boolean;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "given_name" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "status_by" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "client_origin" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "client_chosen_by" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "joined_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "starts" ADD COLUMN "is_held" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "starts" ADD COLUMN "failed_attempts" jsonb;--> statement-breakpoint
ALTER TABLE "starts" ADD COLUMN "activity_lead" uuid;--> statement-breakpoint
ALTER TABLE "starts" ADD COLUMN "activity_told" text;--> statement-breakpoint
ALTER TABLE "starts" ADD COLUMN "steps_ts" text;--> statement-breakpoint
ALTER TABLE "starts" ADD COLUMN "steps_told" text;--> statement-breakpoint
CREATE INDEX "starts_activity_lead" ON "starts" USING btree ("activity_lead") WHERE "starts"."activity_lead" is not null;