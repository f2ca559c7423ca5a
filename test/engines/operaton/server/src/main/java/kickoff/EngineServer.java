package kickoff;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.util.ClassUtils;

/**
 * An engine with its REST API and a clock that can be moved: PUT /clock with its offset in milliseconds. Prints "server on port
 * N", and ends when its standard input is closed, so that it does not outlive the tests that started it.
 */
@SpringBootApplication
public class EngineServer {
  /** The packages of the two engines have different names. */
  private static final String VENDOR =
      ClassUtils.isPresent("org.operaton.bpm.engine.ProcessEngine", null) ? "org.operaton" : "org.camunda";

  private static EngineDatabase database;

  public static void main(String[] args) throws IOException, SQLException {
    database = new EngineDatabase();
    // The pool does not know H2's errors of lost connections, so it must check each connection before it is used.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "0");
    var context = (ServletWebServerApplicationContext) SpringApplication.run(EngineServer.class, args);
    System.out.println("server on port " + context.getWebServer().getPort());
    while (System.in.read() >= 0) {}
    Runtime.getRuntime().halt(0);
  }

  /**
   * Every request needs a name and a password, as is usual in a company; but not while the database is away, since the lookup
   * would fail before the engine gets the request.
   */
  @Bean
  FilterRegistrationBean<Filter> authentication() throws ReflectiveOperationException {
    var rest = VENDOR + ".bpm.engine.rest.security.auth.";
    var filter = (Filter) Class.forName(rest + "ProcessEngineAuthenticationFilter").getDeclaredConstructor().newInstance();
    var registration = new FilterRegistrationBean<>(whileDatabaseIsThere(filter));
    registration.addInitParameter("authentication-provider", rest + "impl.HttpBasicAuthenticationProvider");
    registration.addUrlPatterns("/engine-rest/*");
    return registration;
  }

  private static Filter whileDatabaseIsThere(Filter filter) {
    return new Filter() {
      @Override
      public void init(FilterConfig configuration) throws ServletException {
        filter.init(configuration);
      }

      @Override
      public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        if (database.isAway()) chain.doFilter(request, response);
        else filter.doFilter(request, response, chain);
      }
    };
  }

  @Bean
  DataSource dataSource() {
    return database.dataSource();
  }

  @Bean
  EngineDatabase engineDatabase() {
    return database;
  }

  @Bean
  ServletRegistrationBean<HttpServlet> databaseSwitch() {
    return new ServletRegistrationBean<>(database, "/database");
  }

  /**
   * A Java delegate that cannot reach a database of its own, unless the variable {@code stock} is "back":
   * {@code camunda:delegateExpression="${lostStock}"}.
   */
  @Bean
  Object lostStock() throws ClassNotFoundException {
    var delegate = Class.forName(VENDOR + ".bpm.engine.delegate.JavaDelegate");
    var self = new Object();
    return Proxy.newProxyInstance(
        delegate.getClassLoader(),
        new Class<?>[] {delegate},
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) return method.invoke(self, arguments);
          var execution = arguments[0];
          var stock = execution.getClass().getMethod("getVariable", String.class).invoke(execution, "stock");
          if ("back".equals(stock)) return null;
          throw new CannotGetJdbcConnectionException("the stock’s database does not answer");
        });
  }

  @Bean
  ServletRegistrationBean<HttpServlet> clock() throws ReflectiveOperationException {
    var offset = Class.forName(VENDOR + ".bpm.engine.impl.util.ClockUtil").getMethod("offset", Long.class);
    var servlet =
        new HttpServlet() {
          @Override
          protected void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
              offset.invoke(null, Long.valueOf(request.getReader().readLine()));
            } catch (ReflectiveOperationException error) {
              throw new IOException(error);
            }
            response.setStatus(204);
          }
        };
    return new ServletRegistrationBean<>(servlet, "/clock");
  }
}
