package kickoff.zeebe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.camunda.zeebe.process.test.api.ZeebeTestEngine;
import io.camunda.zeebe.process.test.engine.EngineFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executors;

/** Serves a new Zeebe engine over HTTP on a free port: POST to an operation's name, with JSON in and out. */
public final class EngineBridge {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    ZeebeTestEngine engine = EngineFactory.create();
    engine.start();
    Operations operations = new Operations(engine);
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, operations));
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    System.out.println("bridge on port " + server.getAddress().getPort());
    // Standard input is closed when the process that started the bridge ends, for whatever reason.
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  private static void answer(HttpExchange exchange, Operations operations) throws IOException {
    try {
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      send(exchange, 200, operations.run(exchange.getRequestURI().getPath().substring(1), request));
    } catch (RejectedException rejected) {
      send(exchange, 409, Map.of("code", rejected.code(), "message", rejected.getMessage()));
    } catch (Exception error) {
      send(exchange, 500, Map.of("code", "BRIDGE", "message", error.toString()));
    } finally {
      exchange.close();
    }
  }

  private static void send(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
