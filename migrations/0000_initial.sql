CREATE TABLE "bindings" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"live_chat_id" uuid NOT NULL,
	"event" text NOT NULL,
	"process_definition_id" text NOT NULL,
	"process_name" text NOT NULL,
	"parameters" jsonb NOT NULL,
	"mapping" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deferred_deliveries" (
	"event_id" text PRIMARY KEY NOT NULL,
	"body" jsonb NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "engine_changes" (
	"instance_key" bigint PRIMARY KEY NOT NULL,
	"revision" integer NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "engine_definitions" (
	"key" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "engine_definitions_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"process_id" text NOT NULL,
	"version" integer NOT NULL,
	"content_hash" text NOT NULL,
	"xml" text NOT NULL,
	"forms" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "engine_instances" (
	"key" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "engine_instances_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"start_id" text,
	"definition_key" bigint NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"revision" integer NOT NULL,
	"state" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "engine_jobs" (
	"instance_key" bigint NOT NULL,
	"token" integer NOT NULL,
	"element_id" text NOT NULL,
	"type" text NOT NULL,
	"retries" integer NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone,
	"last_error" text,
	CONSTRAINT "engine_jobs_instance_key_token_pk" PRIMARY KEY("instance_key","token")
);
--> statement-breakpoint
CREATE TABLE "engine_tasks" (
	"instance_key" bigint NOT NULL,
	"token" integer NOT NULL,
	"element_id" text NOT NULL,
	"status" text NOT NULL,
	"assignee" text,
	"candidate_users" text[] NOT NULL,
	"candidate_groups" text[] NOT NULL,
	"completed_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "engine_tasks_instance_key_token_pk" PRIMARY KEY("instance_key","token")
);
--> statement-breakpoint
CREATE TABLE "engine_timers" (
	"instance_key" bigint NOT NULL,
	"token" integer NOT NULL,
	"element_id" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"leased_until" timestamp with time zone,
	CONSTRAINT "engine_timers_instance_key_token_element_id_pk" PRIMARY KEY("instance_key","token","element_id")
);
--> statement-breakpoint
CREATE TABLE "live_chats" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"team_id" text NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"prefixes" text[] DEFAULT '{}' NOT NULL,
	"channels" text[] DEFAULT '{}' NOT NULL,
	"clients" text NOT NULL,
	"operators" text[] DEFAULT '{}' NOT NULL,
	"supervisors" text[] DEFAULT '{}' NOT NULL,
	"operator_groups" text[] DEFAULT '{}' NOT NULL,
	"supervisor_groups" text[] DEFAULT '{}' NOT NULL,
	"activity_channel" text,
	"adoption_total" integer,
	"adoption_done" integer DEFAULT 0 NOT NULL,
	"adoption_due_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"saved_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "session_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"session_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"slack_ts" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session_messages" (
	"session_id" uuid NOT NULL,
	"ts" text NOT NULL,
	"user_id" text,
	"author_name" text,
	"text" text NOT NULL,
	CONSTRAINT "session_messages_session_id_ts_pk" PRIMARY KEY("session_id","ts")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"team_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"live_chat_id" uuid,
	"name" text NOT NULL,
	"is_private" boolean NOT NULL,
	"is_shared" boolean NOT NULL,
	"status" text NOT NULL,
	"client_user_id" text,
	"operator_user_id" text,
	"message_count" integer DEFAULT 0 NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	"join_due_at" timestamp with time zone,
	"closings" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "starts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"team_id" text NOT NULL,
	"key" text NOT NULL,
	"session_id" uuid NOT NULL,
	"live_chat_id" uuid,
	"event" text,
	"started_by" text,
	"process_definition_id" text NOT NULL,
	"process_name" text NOT NULL,
	"facts" jsonb NOT NULL,
	"mapping" jsonb,
	"variables" jsonb,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone,
	"reason" text,
	"process_instance_key" text,
	"activity_channel" text,
	"activity_ts" text,
	"activity_due_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "task_messages" (
	"task_key" text NOT NULL,
	"user_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"ts" text,
	"closed" boolean DEFAULT false NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "task_messages_task_key_user_id_pk" PRIMARY KEY("task_key","user_id")
);
--> statement-breakpoint
ALTER TABLE "bindings" ADD CONSTRAINT "bindings_live_chat_id_live_chats_id_fk" FOREIGN KEY ("live_chat_id") REFERENCES "public"."live_chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_changes" ADD CONSTRAINT "engine_changes_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_instances" ADD CONSTRAINT "engine_instances_definition_key_engine_definitions_key_fk" FOREIGN KEY ("definition_key") REFERENCES "public"."engine_definitions"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_jobs" ADD CONSTRAINT "engine_jobs_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_tasks" ADD CONSTRAINT "engine_tasks_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_timers" ADD CONSTRAINT "engine_timers_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session_events" ADD CONSTRAINT "session_events_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session_messages" ADD CONSTRAINT "session_messages_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_live_chat_id_live_chats_id_fk" FOREIGN KEY ("live_chat_id") REFERENCES "public"."live_chats"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "starts" ADD CONSTRAINT "starts_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "starts" ADD CONSTRAINT "starts_live_chat_id_live_chats_id_fk" FOREIGN KEY ("live_chat_id") REFERENCES "public"."live_chats"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "bindings_event" ON "bindings" USING btree ("live_chat_id","event");--> statement-breakpoint
CREATE INDEX "deferred_deliveries_due" ON "deferred_deliveries" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "engine_changes_due" ON "engine_changes" USING btree ("due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "engine_definitions_version" ON "engine_definitions" USING btree ("process_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "engine_instances_start" ON "engine_instances" USING btree ("start_id");--> statement-breakpoint
CREATE INDEX "engine_jobs_due" ON "engine_jobs" USING btree ("type","due_at") WHERE "engine_jobs"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "engine_timers_due" ON "engine_timers" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "engine_timers_leased" ON "engine_timers" USING btree ("leased_until") WHERE "engine_timers"."leased_until" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "live_chats_name" ON "live_chats" USING btree ("team_id",lower("name"));--> statement-breakpoint
CREATE INDEX "live_chats_adoption_due" ON "live_chats" USING btree ("adoption_due_at") WHERE "live_chats"."adoption_due_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "session_events_key" ON "session_events" USING btree ("session_id","kind","slack_ts");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_channel" ON "sessions" USING btree ("team_id","channel_id");--> statement-breakpoint
CREATE INDEX "sessions_live_chat" ON "sessions" USING btree ("live_chat_id");--> statement-breakpoint
CREATE INDEX "sessions_join_due" ON "sessions" USING btree ("join_due_at") WHERE "sessions"."join_due_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "starts_key" ON "starts" USING btree ("team_id","key");--> statement-breakpoint
CREATE INDEX "starts_due" ON "starts" USING btree ("due_at") WHERE "starts"."status" = 'waiting';--> statement-breakpoint
CREATE INDEX "starts_activity_due" ON "starts" USING btree ("activity_due_at") WHERE "starts"."activity_due_at" is not null;--> statement-breakpoint
CREATE INDEX "starts_instance" ON "starts" USING btree ("process_instance_key");--> statement-breakpoint
CREATE INDEX "starts_session" ON "starts" USING btree ("session_id","created_at");--> statement-breakpoint
CREATE INDEX "starts_live_chat" ON "starts" USING btree ("live_chat_id","created_at");--> statement-breakpoint
CREATE INDEX "task_messages_held" ON "task_messages" USING btree ("channel_id") WHERE "task_messages"."ts" is null;--> statement-breakpoint
CREATE INDEX "task_messages_open" ON "task_messages" USING btree ("task_key" text_pattern_ops) WHERE not "task_messages"."closed";