package kickoff.zeebe;

import io.camunda.zeebe.process.test.api.ZeebeTestEngine;
import io.camunda.zeebe.protocol.impl.encoding.AuthInfo;
import io.camunda.zeebe.protocol.impl.encoding.MsgPackConverter;
import io.camunda.zeebe.protocol.impl.record.RecordMetadata;
import io.camunda.zeebe.protocol.impl.record.UnifiedRecordValue;
import io.camunda.zeebe.protocol.impl.record.value.usertask.UserTaskRecord;
import io.camunda.zeebe.protocol.record.Record;
import io.camunda.zeebe.protocol.record.RecordType;
import io.camunda.zeebe.protocol.record.ValueType;
import io.camunda.zeebe.protocol.record.intent.UserTaskIntent;
import io.camunda.zeebe.util.buffer.BufferUtil;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Map;

/**
 * Completes user tasks. Clients do that over REST, which the engine in memory does not have. So the command is written directly
 * to Zeebe's log, in the way of Zeebe's gateway, which has no public API.
 */
final class UserTasks {
  private final RecordLog log;
  private final Object writer;
  private final Method write;

  UserTasks(ZeebeTestEngine engine, RecordLog log) throws ReflectiveOperationException {
    this.log = log;
    this.writer = field(field(engine, "gateway"), "writer");
    this.write =
        writer
            .getClass()
            .getDeclaredMethod("writeCommandWithKey", Long.class, UnifiedRecordValue.class, RecordMetadata.class);
    write.setAccessible(true);
  }

  void complete(long key, String variables) throws Exception {
    int before = log.count();
    write.invoke(writer, key, completed(key, variables), command());
    Record<?> answer = log.await(before, record -> answers(record, key));
    if (answer.getRecordType() == RecordType.COMMAND_REJECTION) {
      throw new RejectedException(answer.getRejectionType().name(), answer.getRejectionReason());
    }
  }

  private static UserTaskRecord completed(long key, String variables) {
    var packed = BufferUtil.wrapArray(MsgPackConverter.convertToMsgPack(variables));
    return new UserTaskRecord().setUserTaskKey(key).setAction("complete").setVariables(packed);
  }

  private static RecordMetadata command() {
    return new RecordMetadata()
        .recordType(RecordType.COMMAND)
        .valueType(ValueType.USER_TASK)
        .intent(UserTaskIntent.COMPLETE)
        // No permissions are needed here.
        .authorization(new AuthInfo().setClaims(Map.of("authorized_anonymous_user", true)));
  }

  private static boolean answers(Record<?> record, long key) {
    return record.getKey() == key
        && record.getValueType() == ValueType.USER_TASK
        && (record.getIntent() == UserTaskIntent.COMPLETED
            || record.getRecordType() == RecordType.COMMAND_REJECTION);
  }

  private static Object field(Object owner, String name) throws ReflectiveOperationException {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }
}
