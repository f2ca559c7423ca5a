CREATE TABLE "engine_history" (
	"instance_key" bigint NOT NULL,
	"revision" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"entries" jsonb NOT NULL,
	CONSTRAINT "engine_history_instance_key_revision_pk" PRIMARY KEY("instance_key","revision")
);
