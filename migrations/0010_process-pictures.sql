CREATE TABLE "process_pictures" (
	"file_id" text PRIMARY KEY NOT NULL,
	"team_id" text NOT NULL,
	"start_id" uuid NOT NULL,
	"state" text NOT NULL,
	"in_thread" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"superseded_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "process_pictures_start" ON "process_pictures" USING btree ("start_id");--> statement-breakpoint
CREATE INDEX "process_pictures_superseded" ON "process_pictures" USING btree ("team_id","superseded_at") WHERE "process_pictures"."superseded_at" is not null and not "process_pictures"."in_thread";