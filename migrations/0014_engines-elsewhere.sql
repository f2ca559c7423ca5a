CREATE TABLE "remote_catalogues" (
	"engine" text PRIMARY KEY NOT NULL,
	"definitions" jsonb NOT NULL,
	"listed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "remote_changes" (
	"engine" text NOT NULL,
	"instance_key" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"unfinished" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "remote_changes_engine_instance_key_pk" PRIMARY KEY("engine","instance_key")
);
--> statement-breakpoint
CREATE TABLE "remote_cursors" (
	"engine" text NOT NULL,
	"name" text NOT NULL,
	"position" text,
	"leased_until" timestamp with time zone,
	CONSTRAINT "remote_cursors_engine_name_pk" PRIMARY KEY("engine","name")
);
--> statement-breakpoint
CREATE TABLE "remote_messages" (
	"key" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "remote_messages_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"engine" text NOT NULL,
	"name" text NOT NULL,
	"correlation_key" text NOT NULL,
	"message_id" text,
	"variables" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"leased_until" timestamp with time zone,
	"offers" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "remote_receipts" (
	"message_key" bigint NOT NULL,
	"process_id" text NOT NULL,
	"offered_to" text NOT NULL,
	"is_taken" boolean NOT NULL,
	CONSTRAINT "remote_receipts_message_key_process_id_pk" PRIMARY KEY("message_key","process_id")
);
--> statement-breakpoint
CREATE TABLE "remote_requests" (
	"engine" text NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"leased_until" timestamp with time zone,
	"asked_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"result" text,
	"correlation_key" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "remote_requests_engine_kind_key_pk" PRIMARY KEY("engine","kind","key")
);
--> statement-breakpoint
ALTER TABLE "remote_receipts" ADD CONSTRAINT "remote_receipts_message_key_remote_messages_key_fk" FOREIGN KEY ("message_key") REFERENCES "public"."remote_messages"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "remote_changes_due" ON "remote_changes" USING btree ("engine","due_at");--> statement-breakpoint
CREATE INDEX "remote_messages_name" ON "remote_messages" USING btree ("engine","name","correlation_key","key");--> statement-breakpoint
CREATE UNIQUE INDEX "remote_messages_id" ON "remote_messages" USING btree ("engine","name","correlation_key","message_id") WHERE "remote_messages"."message_id" is not null;--> statement-breakpoint
CREATE INDEX "remote_messages_due" ON "remote_messages" USING btree ("engine","due_at");--> statement-breakpoint
CREATE INDEX "remote_requests_result" ON "remote_requests" USING btree ("engine","result") WHERE "remote_requests"."kind" = 'start';