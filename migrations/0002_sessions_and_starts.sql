ALTER TABLE "sessions" ADD COLUMN "join_due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "starts" ADD COLUMN "activity_due_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "sessions_join_due" ON "sessions" USING btree ("join_due_at") WHERE "sessions"."join_due_at" is not null;--> statement-breakpoint
CREATE INDEX "starts_activity_due" ON "starts" USING btree ("activity_due_at") WHERE "starts"."activity_due_at" is not null;