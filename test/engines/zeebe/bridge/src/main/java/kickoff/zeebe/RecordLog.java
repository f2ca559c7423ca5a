package kickoff.zeebe;

import io.camunda.zeebe.process.test.api.RecordStreamSource;
import io.camunda.zeebe.protocol.record.Record;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** Zeebe's log: all commands and events, in order. */
final class RecordLog {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private final RecordStreamSource source;

  RecordLog(RecordStreamSource source) {
    this.source = source;
  }

  /** All records after the first ones. Synchronized, because each read appends new records to the source's list. */
  synchronized List<Record<?>> after(int count) {
    return StreamSupport.stream(source.getRecords().spliterator(), false).skip(count).toList();
  }

  int count() {
    return after(0).size();
  }

  /** Waits for the first matching record after the first ones. */
  Record<?> await(int count, Predicate<Record<?>> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      var found = after(count).stream().filter(wanted).findFirst();
      if (found.isPresent()) return found.get();
      Thread.sleep(5);
    }
    throw new IllegalStateException("Zeebe has not answered");
  }
}
