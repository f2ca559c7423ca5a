package kickoff.zeebe;

import io.camunda.zeebe.process.test.api.RecordStreamSource;
import io.camunda.zeebe.protocol.record.Record;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** What Zeebe has written down: all that was asked of it and all that happened, in order. */
final class RecordLog {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private final RecordStreamSource source;

  RecordLog(RecordStreamSource source) {
    this.source = source;
  }

  /** All records but the first so many. One at a time: each reading adds what is new to the list that the source keeps. */
  synchronized List<Record<?>> after(int count) {
    return StreamSupport.stream(source.getRecords().spliterator(), false).skip(count).toList();
  }

  int count() {
    return after(0).size();
  }

  /** The first such record after so many, as soon as it is there. */
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
