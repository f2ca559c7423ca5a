CREATE TABLE "file_readings" (
	"key" text PRIMARY KEY NOT NULL,
	"reading" text NOT NULL,
	"checksum" text NOT NULL,
	"kept_at" timestamp with time zone DEFAULT now() NOT NULL
);
