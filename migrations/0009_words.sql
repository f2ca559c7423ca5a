ALTER TABLE "starts" ALTER COLUMN "reason" SET DATA TYPE jsonb USING
  case when "reason" is not null then jsonb_build_object('key', 'asIs', 'values', jsonb_build_object('text', "reason")) end;--> statement-breakpoint
UPDATE "starts" SET "failed_attempts" = (
  select jsonb_agg(one || jsonb_build_object('reason', jsonb_build_object('key', 'asIs', 'values', jsonb_build_object('text', one -> 'reason'))) order by nth)
  from jsonb_array_elements("failed_attempts") with ordinality as all_of(one, nth))
  WHERE "failed_attempts" is not null;--> statement-breakpoint
ALTER TABLE "live_chats" ADD COLUMN "locale" text;