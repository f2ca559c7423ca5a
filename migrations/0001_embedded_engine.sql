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
ALTER TABLE "engine_changes" ADD CONSTRAINT "engine_changes_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_instances" ADD CONSTRAINT "engine_instances_definition_key_engine_definitions_key_fk" FOREIGN KEY ("definition_key") REFERENCES "public"."engine_definitions"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_jobs" ADD CONSTRAINT "engine_jobs_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_tasks" ADD CONSTRAINT "engine_tasks_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_timers" ADD CONSTRAINT "engine_timers_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "engine_changes_due" ON "engine_changes" USING btree ("due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "engine_definitions_version" ON "engine_definitions" USING btree ("process_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "engine_instances_start" ON "engine_instances" USING btree ("start_id");--> statement-breakpoint
CREATE INDEX "engine_jobs_due" ON "engine_jobs" USING btree ("due_at") WHERE "engine_jobs"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "engine_timers_due" ON "engine_timers" USING btree ("due_at");