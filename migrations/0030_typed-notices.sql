CREATE TABLE "notices" (
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"occasion" text DEFAULT '' NOT NULL,
	"user_id" text NOT NULL,
	"channel_id" text,
	"ts" text,
	"closed" boolean DEFAULT false NOT NULL,
	"shown" text,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notices_kind_subject_occasion_user_id_pk" PRIMARY KEY("kind","subject","occasion","user_id")
);
--> statement-breakpoint
CREATE TABLE "start_holds" (
	"start_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"view_id" text,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "start_holds_start_id_user_id_pk" PRIMARY KEY("start_id","user_id")
);
--> statement-breakpoint
DROP INDEX "task_messages_held";--> statement-breakpoint
DROP INDEX "task_messages_open";--> statement-breakpoint
ALTER TABLE "task_messages" ALTER COLUMN "channel_id" SET DEFAULT '';--> statement-breakpoint
ALTER TABLE "task_messages" ADD COLUMN "view_id" text;--> statement-breakpoint
ALTER TABLE "task_messages" ADD COLUMN "is_released" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "start_holds" ADD CONSTRAINT "start_holds_start_id_starts_id_fk" FOREIGN KEY ("start_id") REFERENCES "public"."starts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "start_holds_view" ON "start_holds" USING btree ("view_id");--> statement-breakpoint
CREATE INDEX "task_messages_unposted" ON "task_messages" USING btree ("view_id") WHERE "task_messages"."ts" is null and not "task_messages"."closed";--> statement-breakpoint
-- Copies what the previous release writes into "task_messages", before the upgrade and while its replicas still run.
CREATE FUNCTION "type_task_message"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	prefix text := split_part(new.task_key, ':', 1);
	rest text := substr(new.task_key, length(prefix) + 2);
	head text := split_part(rest, ':', 1);
	tail text := substr(rest, length(head) + 2);
BEGIN
	IF prefix = 'start' THEN
		INSERT INTO start_holds (start_id, user_id, view_id, since)
			SELECT id, new.user_id, CASE WHEN new.channel_id LIKE 'V%' THEN new.channel_id END, new.since
			FROM starts WHERE id = rest::uuid
			ON CONFLICT (start_id, user_id) DO UPDATE SET view_id = excluded.view_id, since = excluded.since;
	ELSIF prefix IN ('reminder', 'trouble', 'exposed', 'drift', 'job') THEN
		INSERT INTO notices (kind, subject, occasion, user_id, channel_id, ts, closed, shown, since)
			VALUES (
				CASE prefix WHEN 'exposed' THEN 'exposure' ELSE prefix END,
				CASE prefix WHEN 'reminder' THEN tail WHEN 'drift' THEN regexp_replace(rest, ':[^:]*$', '') WHEN 'job' THEN rest ELSE head END,
				CASE prefix WHEN 'reminder' THEN head WHEN 'drift' THEN substring(rest from '[^:]*$') WHEN 'job' THEN '' ELSE tail END,
				new.user_id, CASE WHEN new.ts IS NOT NULL THEN new.channel_id END, new.ts, new.closed, new.shown, new.since)
			ON CONFLICT (kind, subject, occasion, user_id) DO UPDATE
				SET channel_id = excluded.channel_id, ts = excluded.ts, closed = excluded.closed, shown = excluded.shown;
	ELSE
		new.view_id := CASE WHEN new.channel_id LIKE 'V%' THEN new.channel_id END;
	END IF;
	RETURN new;
END $$;
--> statement-breakpoint
CREATE TRIGGER "task_messages_typed" BEFORE INSERT OR UPDATE OF channel_id, closed, shown ON "task_messages"
	FOR EACH ROW WHEN (new.channel_id LIKE 'V%' OR new.task_key ~ '^(start|reminder|trouble|exposed|drift|job):')
	EXECUTE FUNCTION "type_task_message"();
--> statement-breakpoint
UPDATE "task_messages" SET "is_released" = true WHERE "channel_id" = 'released' AND "ts" IS NULL;
--> statement-breakpoint
UPDATE "task_messages" SET "channel_id" = "channel_id"
	WHERE "channel_id" LIKE 'V%' OR "task_key" ~ '^(start|reminder|trouble|exposed|drift|job):';
