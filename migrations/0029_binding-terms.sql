CREATE TABLE "binding_terms" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "binding_terms_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"binding_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"event" text NOT NULL,
	"process_name" text NOT NULL,
	"conditions" jsonb
);
--> statement-breakpoint
CREATE UNIQUE INDEX "binding_terms_key" ON "binding_terms" USING btree ("binding_id","revision");