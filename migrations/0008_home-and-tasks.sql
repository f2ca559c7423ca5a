CREATE TABLE "absences" (
	"live_chat_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "absences_live_chat_id_user_id_pk" PRIMARY KEY("live_chat_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "homes" (
	"team_id" text NOT NULL,
	"user_id" text NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"place" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"live_chat_ids" uuid[],
	"refresh_due_at" timestamp with time zone,
	CONSTRAINT "homes_team_id_user_id_pk" PRIMARY KEY("team_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "open_tasks" (
	"task_key" text PRIMARY KEY NOT NULL,
	"team_id" text NOT NULL,
	"start_id" uuid NOT NULL,
	"process_name" text NOT NULL,
	"name" text NOT NULL,
	"assignee" text,
	"holders" text[] NOT NULL,
	"is_offered" boolean NOT NULL,
	"is_for_all" boolean NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"due_date" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "task_reminders" (
	"task_key" text NOT NULL,
	"kind" text NOT NULL,
	"remind_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "task_reminders_task_key_kind_pk" PRIMARY KEY("task_key","kind")
);
--> statement-breakpoint
ALTER TABLE "task_messages" ADD COLUMN "shown" text;--> statement-breakpoint
ALTER TABLE "absences" ADD CONSTRAINT "absences_live_chat_id_live_chats_id_fk" FOREIGN KEY ("live_chat_id") REFERENCES "public"."live_chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "open_tasks" ADD CONSTRAINT "open_tasks_start_id_starts_id_fk" FOREIGN KEY ("start_id") REFERENCES "public"."starts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "homes_refresh_due" ON "homes" USING btree ("refresh_due_at") WHERE "homes"."refresh_due_at" is not null;--> statement-breakpoint
CREATE INDEX "open_tasks_holders" ON "open_tasks" USING gin ("holders");--> statement-breakpoint
CREATE INDEX "open_tasks_start" ON "open_tasks" USING btree ("start_id");--> statement-breakpoint
CREATE INDEX "task_reminders_due" ON "task_reminders" USING btree ("due_at") WHERE "task_reminders"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "sessions_operator" ON "sessions" USING btree ("operator_user_id") WHERE "sessions"."status" = 'open';--> statement-breakpoint
CREATE INDEX "starts_unhappy" ON "starts" USING btree ("live_chat_id","created_at") WHERE "starts"."status" in ('failed', 'cancelled');--> statement-breakpoint
CREATE INDEX "starts_by_hand" ON "starts" USING btree ("started_by","session_id") WHERE "starts"."started_by" is not null and "starts"."status" in ('waiting', 'running');