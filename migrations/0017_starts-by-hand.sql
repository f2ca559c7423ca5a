DROP INDEX "starts_by_hand";--> statement-breakpoint
CREATE INDEX "starts_by_hand" ON "starts" USING btree ("started_by","session_id") WHERE "starts"."started_by" is not null;