CREATE TABLE "engine_tokens" (
	"instance_key" bigint NOT NULL,
	"token" integer NOT NULL,
	"branch" integer NOT NULL,
	"scope" integer,
	"data" jsonb NOT NULL,
	CONSTRAINT "engine_tokens_instance_key_token_pk" PRIMARY KEY("instance_key","token")
);
--> statement-breakpoint
ALTER TABLE "engine_instances" ADD COLUMN "continue_due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "engine_instances" ADD COLUMN "continue_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_instances" ADD COLUMN "continue_unfinished" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "engine_tokens" ADD CONSTRAINT "engine_tokens_instance_key_engine_instances_key_fk" FOREIGN KEY ("instance_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "engine_tokens_branch" ON "engine_tokens" USING btree ("instance_key","branch");--> statement-breakpoint
CREATE INDEX "engine_tokens_scope" ON "engine_tokens" USING btree ("instance_key","scope","token") WHERE "engine_tokens"."token" = "engine_tokens"."branch";--> statement-breakpoint
CREATE INDEX "engine_instances_continue_due" ON "engine_instances" USING btree ("continue_due_at") WHERE "engine_instances"."continue_due_at" is not null;