CREATE TABLE "process_drifts" (
	"team_id" text NOT NULL,
	"process_definition_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"unfinished" smallint DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone,
	CONSTRAINT "process_drifts_team_id_process_definition_id_pk" PRIMARY KEY("team_id","process_definition_id")
);
--> statement-breakpoint
CREATE INDEX "process_drifts_due" ON "process_drifts" USING btree ("unfinished","due_at") WHERE "process_drifts"."due_at" is not null;