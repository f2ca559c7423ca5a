ALTER TABLE "engine_definitions" ADD COLUMN "version_tag" text;--> statement-breakpoint
ALTER TABLE "engine_instances" ADD COLUMN "caller_key" bigint;--> statement-breakpoint
ALTER TABLE "engine_instances" ADD COLUMN "caller_token" integer;--> statement-breakpoint
ALTER TABLE "engine_instances" ADD COLUMN "root_key" bigint;--> statement-breakpoint
ALTER TABLE "engine_instances" ADD CONSTRAINT "engine_instances_caller_key_engine_instances_key_fk" FOREIGN KEY ("caller_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_instances" ADD CONSTRAINT "engine_instances_root_key_engine_instances_key_fk" FOREIGN KEY ("root_key") REFERENCES "public"."engine_instances"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "engine_instances_caller" ON "engine_instances" USING btree ("caller_key","caller_token") WHERE "engine_instances"."caller_key" is not null;--> statement-breakpoint
CREATE INDEX "engine_instances_root" ON "engine_instances" USING btree ("root_key") WHERE "engine_instances"."root_key" is not null;