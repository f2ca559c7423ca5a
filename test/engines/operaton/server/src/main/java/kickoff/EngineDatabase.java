package kickoff;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.h2.tools.Server;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * The engine's database, in this process. PUT /database with "far" puts a network in between, which costs every request time;
 * with "away" cuts every connection; and with "near" removes the network. While the database is far, a process can cut the
 * connections in the middle of a transaction with the expression ${engineDatabase.cut()}.
 */
public class EngineDatabase extends HttpServlet {
  private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

  private final Server server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile ServerSocket network;
  private volatile boolean isFar = false;
  private int port = 0;

  EngineDatabase() throws IOException, SQLException {
    server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
    open();
  }

  DataSource dataSource() {
    var near = pool("jdbc:h2:mem:engine;DB_CLOSE_DELAY=-1");
    var far = pool("jdbc:h2:tcp://127.0.0.1:" + port + "/mem:engine");
    far.setMinimumIdle(0);
    var source =
        new AbstractRoutingDataSource() {
          @Override
          protected Object determineCurrentLookupKey() {
            return isFar;
          }
        };
    source.setTargetDataSources(Map.of(false, near, true, far));
    return source;
  }

  private static HikariDataSource pool(String url) {
    var pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    pool.setUsername("sa");
    pool.setPassword("");
    pool.setMaximumPoolSize(20);
    pool.setConnectionTimeout(3000);
    return pool;
  }

  boolean isAway() {
    return network.isClosed();
  }

  public synchronized void cut() throws IOException {
    network.close();
    for (var socket : sockets) socket.close();
    sockets.clear();
  }

  private void open() throws IOException {
    var accepting = new ServerSocket(port, 50, LOCAL);
    network = accepting;
    port = accepting.getLocalPort();
    inBackground(
        () -> {
          while (true) {
            connect(accepting.accept());
          }
        });
  }

  /** A client that was accepted just before a cut is cut off as well. */
  private synchronized void connect(Socket client) throws IOException {
    if (isAway()) {
      client.close();
      return;
    }
    var database = new Socket(LOCAL, server.getPort());
    pass(client, database);
    pass(database, client);
  }

  private void pass(Socket from, Socket to) {
    sockets.add(from);
    inBackground(
        () -> {
          try (from; to) {
            from.getInputStream().transferTo(to.getOutputStream());
          }
        });
  }

  private interface Work {
    void run() throws IOException;
  }

  private void inBackground(Work work) {
    var thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException closed) {
                // As after cut().
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  protected void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
    var state = request.getReader().readLine();
    isFar = !state.equals("near");
    if (state.equals("away")) cut();
    else if (isAway()) open();
    response.setStatus(204);
  }
}
