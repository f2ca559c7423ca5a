ALTER TABLE "engine_tasks" ADD COLUMN "due_date" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "engine_tasks" ADD COLUMN "follow_up_date" timestamp with time zone;