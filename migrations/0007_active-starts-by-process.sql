DROP INDEX "starts_active";--> statement-breakpoint
CREATE INDEX "starts_active" ON "starts" USING btree ("session_id","process_definition_id") WHERE "starts"."status" in ('waiting', 'running');