ALTER TABLE "sessions" ADD COLUMN "is_member" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "removed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "removed_by" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "removal_due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "removal_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "removal_unfinished" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "sessions_removal_due" ON "sessions" USING btree ("removal_unfinished","removal_due_at") WHERE "sessions"."removal_due_at" is not null;--> statement-breakpoint
UPDATE "sessions" SET "is_member" = true WHERE "join_due_at" IS NULL AND "status" <> 'closed';
