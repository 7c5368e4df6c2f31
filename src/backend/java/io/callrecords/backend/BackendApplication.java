package io.callrecords.backend;

import com.baomidou.mybatisplus.extension.plugins.MybatisPlusInterceptor;
import com.baomidou.mybatisplus.extension.plugins.inner.PaginationInnerInterceptor;
import org.mybatis.spring.annotation.MapperScan;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The application: {@code application.properties} has what it is started with. */
@SpringBootApplication
@MapperScan(basePackageClasses = CallMapper.class, annotationClass = FromXml.class)
public class BackendApplication {
  private static final long MOST_ROWS = 100;

  /**
   * What makes pages of queries.
   *
   * @param overflow whether a page past the end is page 1 again
   */
  @Bean
  MybatisPlusInterceptor paging(@Value("${backend.overflow}") boolean overflow) {
    PaginationInnerInterceptor pagination = new PaginationInnerInterceptor();
    pagination.setOverflow(overflow);
    pagination.setMaxLimit(MOST_ROWS);
    MybatisPlusInterceptor interceptor = new MybatisPlusInterceptor();
    interceptor.addInnerInterceptor(pagination);
    return interceptor;
  }

  /** Starts it. */
  public static void main(String[] arguments) {
    SpringApplication.run(BackendApplication.class, arguments);
  }
}
