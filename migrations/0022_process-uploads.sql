CREATE TABLE "process_uploads" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "process_uploads_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"text" text NOT NULL,
	"contents" text[] NOT NULL,
	"uploaded_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "restored_versions" (
	"process_id" text PRIMARY KEY NOT NULL,
	"instead_of" text NOT NULL,
	"definition_key" bigint NOT NULL,
	"restored_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "switched_off_processes" (
	"process_definition_id" text PRIMARY KEY NOT NULL,
	"switched_off_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
