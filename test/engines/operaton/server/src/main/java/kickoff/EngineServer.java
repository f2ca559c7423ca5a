package kickoff;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
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

  public static void main(String[] args) throws IOException {
    var context = (ServletWebServerApplicationContext) SpringApplication.run(EngineServer.class, args);
    System.out.println("server on port " + context.getWebServer().getPort());
    while (System.in.read() >= 0) {}
    Runtime.getRuntime().halt(0);
  }

  /** Every request needs a name and a password, as is usual in a company. */
  @Bean
  FilterRegistrationBean<Filter> authentication() throws ReflectiveOperationException {
    var rest = VENDOR + ".bpm.engine.rest.security.auth.";
    var filter = Class.forName(rest + "ProcessEngineAuthenticationFilter").getDeclaredConstructor().newInstance();
    var registration = new FilterRegistrationBean<>((Filter) filter);
    registration.addInitParameter("authentication-provider", rest + "impl.HttpBasicAuthenticationProvider");
    registration.addUrlPatterns("/engine-rest/*");
    return registration;
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
