CREATE TABLE "engine_correlations" (
	"message_key" bigint NOT NULL,
	"process_id" text NOT NULL,
	CONSTRAINT "engine_correlations_message_key_process_id_pk" PRIMARY KEY("message_key","process_id")
);
--> statement-breakpoint
CREATE TABLE "engine_message_starts" (
	"process_id" text NOT NULL,
	"correlation_key" text NOT NULL,
	"instance_key" bigint NOT NULL,
	"due_at" timestamp with time zone,
	CONSTRAINT "engine_message_starts_process_id_correlation_key_pk" PRIMARY KEY("process_id","correlation_key")
);
--> statement-breakpoint
CREATE TABLE "engine_messages" (
	"key" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "engine_messages_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"correlation_key" text NOT NULL,
	"message_id" text,
	"variables" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"starts_due_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "engine_signal_deliveries" (
	"key" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "engine_signal_deliveries_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"instance_key" bigint,
	"token" integer,
	"process_id" text,
	"element_id" text NOT NULL,
	"variables" jsonb NOT NULL,
	"due_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "engine_start_events" (
	"process_id" text NOT NULL,
	"element_id" text NOT NULL,
	"definition_key" bigint NOT NULL,
	"kind" text NOT NULL,
	"name" text,
	"due_at" timestamp with time zone,
	"repetitions" integer,
	"leased_until" timestamp with time zone,
	CONSTRAINT "engine_start_events_process_id_element_id_pk" PRIMARY KEY("process_id","element_id")
);
--> statement-breakpoint
CREATE TABLE "engine_subscriptions" (
	"instance_key" bigint NOT NULL,
	"token" integer NOT NULL,
	"element_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"correlation_key" text,
	"process_id" text NOT NULL,
	"since" bigint,
	"due_at" timestamp with time zone,
	CONSTRAINT "engine_subscriptions_instance_key_token_element_id_pk" PRIMARY KEY("instance_key","token","element_id")
);
--> statement-breakpoint
ALTER TABLE "engine_timers" ADD COLUMN "repetitions" integer;--> statement-breakpoint
ALTER TABLE "engine_correlations" ADD CONSTRAINT "engine_correlations_message_key_engine_messages_key_fk" FOREIGN KEY ("message_key") REFERENCES "public"."engine_messages"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_message_starts" ADD CONSTRAINT "engine_message_starts_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_signal_deliveries" ADD CONSTRAINT "engine_signal_deliveries_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_start_events" ADD CONSTRAINT "engine_start_events_definition_key_engine_definitions_key_fk" FOREIGN KEY ("definition_key") REFERENCES "public"."engine_definitions"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_subscriptions" ADD CONSTRAINT "engine_subscriptions_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "engine_message_starts_instance" ON "engine_message_starts" USING btree ("instance_key");--> statement-breakpoint
CREATE INDEX "engine_message_starts_due" ON "engine_message_starts" USING btree ("due_at") WHERE "engine_message_starts"."due_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "engine_messages_id" ON "engine_messages" USING btree ("name","correlation_key","message_id") WHERE "engine_messages"."message_id" is not null;--> statement-breakpoint
CREATE INDEX "engine_messages_name" ON "engine_messages" USING btree ("name","correlation_key","key");--> statement-breakpoint
CREATE INDEX "engine_messages_expiry" ON "engine_messages" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "engine_messages_starts_due" ON "engine_messages" USING btree ("starts_due_at") WHERE "engine_messages"."starts_due_at" is not null;--> statement-breakpoint
CREATE INDEX "engine_signal_deliveries_due" ON "engine_signal_deliveries" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "engine_start_events_name" ON "engine_start_events" USING btree ("kind","name");--> statement-breakpoint
CREATE INDEX "engine_start_events_due" ON "engine_start_events" USING btree ("due_at") WHERE "engine_start_events"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "engine_subscriptions_name" ON "engine_subscriptions" USING btree ("kind","name","correlation_key","process_id","instance_key","token");--> statement-breakpoint
CREATE INDEX "engine_subscriptions_due" ON "engine_subscriptions" USING btree ("due_at") WHERE "engine_subscriptions"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "engine_definitions_tag" ON "engine_definitions" USING btree ("process_id","version_tag","version");