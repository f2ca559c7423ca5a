package kickoff.zeebe;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camunda.zeebe.client.ZeebeClient;
import io.camunda.zeebe.client.api.command.ClientStatusException;
import io.camunda.zeebe.client.api.command.DeployResourceCommandStep1;
import io.camunda.zeebe.client.api.command.DeployResourceCommandStep1.DeployResourceCommandStep2;
import io.camunda.zeebe.client.api.command.FinalCommandStep;
import io.camunda.zeebe.client.api.response.ActivatedJob;
import io.camunda.zeebe.process.test.api.ZeebeTestEngine;
import io.camunda.zeebe.protocol.record.Record;
import io.camunda.zeebe.protocol.record.RecordType;
import io.camunda.zeebe.protocol.record.ValueType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** The bridge's operations by name. Keys are strings outside, because JavaScript cannot represent all of them as numbers. */
final class Operations {
  /** The types of records that are reported; all others are internal to Zeebe. */
  private static final Set<ValueType> TOLD =
      EnumSet.of(
          ValueType.PROCESS_INSTANCE,
          ValueType.VARIABLE,
          ValueType.USER_TASK,
          ValueType.INCIDENT,
          ValueType.JOB,
          ValueType.FORM);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The engine processes due timers much sooner than this. */
  private static final Duration TIMERS_FIRE_WITHIN = Duration.ofMillis(150);

  /** Zeebe's value for not waiting. */
  private static final Duration AT_ONCE = Duration.ofSeconds(-1);

  private static final Object DONE = Map.of();

  private final ObjectMapper json = new ObjectMapper();
  private final ZeebeTestEngine engine;
  private final ZeebeClient client;
  private final RecordLog log;
  private final UserTasks userTasks;

  private final Map<String, Operation> byName =
      Map.ofEntries(
          entry("deploy", this::deploy),
          entry("start", this::start),
          entry("cancel", this::cancel),
          entry("completeTask", this::completeTask),
          entry("activateJobs", this::activateJobs),
          entry("completeJob", this::completeJob),
          entry("failJob", this::failJob),
          entry("throwError", this::throwError),
          entry("setRetries", this::setRetries),
          entry("resolveIncident", this::resolveIncident),
          entry("setVariables", this::setVariables),
          entry("publish", this::publish),
          entry("broadcast", this::broadcast),
          entry("pass", this::pass),
          entry("records", this::records));

  Operations(ZeebeTestEngine engine) throws ReflectiveOperationException {
    this.engine = engine;
    this.client =
        ZeebeClient.newClientBuilder()
            .gatewayAddress(engine.getGatewayAddress())
            .usePlaintext()
            .defaultRequestTimeout(PATIENCE)
            .build();
    this.log = new RecordLog(engine.getRecordStreamSource());
    this.userTasks = new UserTasks(engine, log);
  }

  Object run(String name, JsonNode request) throws Exception {
    Operation operation = byName.get(name);
    if (operation == null) throw new IllegalArgumentException("no such operation: " + name);
    try {
      return operation.run(request);
    } catch (ClientStatusException error) {
      throw new RejectedException(error.getStatusCode().name(), error.getMessage());
    }
  }

  private Object deploy(JsonNode request) {
    DeployResourceCommandStep1 command = client.newDeployResourceCommand();
    for (var file : request.get("files").properties()) {
      command = command.addResourceStringUtf8(file.getValue().asText(), file.getKey());
    }
    return send((DeployResourceCommandStep2) command);
  }

  private Object start(JsonNode request) {
    var command = client.newCreateInstanceCommand().bpmnProcessId(text(request, "processId")).latestVersion();
    var started = command.variables(variables(request)).send().join();
    return Map.of("key", String.valueOf(started.getProcessInstanceKey()));
  }

  private Object cancel(JsonNode request) {
    return send(client.newCancelInstanceCommand(key(request)));
  }

  private Object completeTask(JsonNode request) throws Exception {
    userTasks.complete(key(request), variables(request));
    return DONE;
  }

  /** Activates the waiting jobs, with a timeout that is never reached, however much time passes. */
  private Object activateJobs(JsonNode request) {
    var command =
        client
            .newActivateJobsCommand()
            .jobType(text(request, "type"))
            .maxJobsToActivate(100)
            .timeout(Duration.ofDays(36_500))
            .requestTimeout(AT_ONCE);
    return Map.of("jobs", command.send().join().getJobs().stream().map(Operations::job).toList());
  }

  private static Map<String, Object> job(ActivatedJob job) {
    return Map.of(
        "key", String.valueOf(job.getKey()),
        "type", job.getType(),
        "elementId", job.getElementId(),
        "processInstanceKey", String.valueOf(job.getProcessInstanceKey()),
        "retries", job.getRetries(),
        "variables", job.getVariablesAsMap(),
        "headers", job.getCustomHeaders());
  }

  private Object completeJob(JsonNode request) {
    return send(client.newCompleteCommand(key(request)).variables(variables(request)));
  }

  private Object failJob(JsonNode request) {
    var command = client.newFailCommand(key(request)).retries(request.get("retries").asInt());
    return send(command.errorMessage(text(request, "reason")));
  }

  private Object throwError(JsonNode request) {
    var command = client.newThrowErrorCommand(key(request)).errorCode(text(request, "code"));
    return send(command.errorMessage(text(request, "message")).variables(variables(request)));
  }

  private Object setRetries(JsonNode request) {
    return send(client.newUpdateRetriesCommand(key(request)).retries(request.get("retries").asInt()));
  }

  private Object resolveIncident(JsonNode request) {
    return send(client.newResolveIncidentCommand(key(request)));
  }

  private Object setVariables(JsonNode request) {
    var command = client.newSetVariablesCommand(key(request)).variables(variables(request));
    return send(command.local(request.get("local").asBoolean()));
  }

  private Object publish(JsonNode request) {
    var command =
        client
            .newPublishMessageCommand()
            .messageName(text(request, "name"))
            .correlationKey(text(request, "correlationKey"))
            .timeToLive(Duration.ofMillis(request.get("timeToLiveMs").asLong()))
            .variables(variables(request));
    return send(request.has("messageId") ? command.messageId(text(request, "messageId")) : command);
  }

  private Object broadcast(JsonNode request) {
    var command = client.newBroadcastSignalCommand().signalName(text(request, "name"));
    return send(command.variables(variables(request)));
  }

  /** Returns when everything that is due by then is done. */
  private Object pass(JsonNode request) throws Exception {
    engine.waitForIdleState(PATIENCE);
    engine.increaseTime(Duration.ofMillis(request.get("ms").asLong()));
    try {
      engine.waitForBusyState(TIMERS_FIRE_WITHIN);
    } catch (TimeoutException nothingWasDue) {
      return DONE;
    }
    engine.waitForIdleState(PATIENCE);
    return DONE;
  }

  /** The records after the given number of records. */
  private Object records(JsonNode request) throws JsonProcessingException {
    int after = request.get("after").asInt();
    List<Record<?>> found = log.after(after);
    var told = json.createArrayNode();
    for (Record<?> record : found) {
      if (record.getRecordType() == RecordType.EVENT && TOLD.contains(record.getValueType())) {
        told.add(json.readTree(record.toJson()));
      }
    }
    return Map.of("records", told, "next", after + found.size());
  }

  private static Object send(FinalCommandStep<?> command) {
    command.send().join();
    return DONE;
  }

  private static long key(JsonNode request) {
    return request.get("key").asLong();
  }

  private static String text(JsonNode request, String name) {
    return request.get(name).asText();
  }

  private static String variables(JsonNode request) {
    return request.get("variables").toString();
  }

  private interface Operation {
    Object run(JsonNode request) throws Exception;
  }
}
