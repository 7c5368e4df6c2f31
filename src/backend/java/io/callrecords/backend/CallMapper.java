package io.callrecords.backend;

import com.baomidou.mybatisplus.core.metadata.IPage;
import org.apache.ibatis.annotations.Param;

/** The queries of calls, each written in one of the ways that people write them. */
@FromXml
interface CallMapper {
  /** Calls with their labels by a left join: several rows of the page become one call. */
  IPage<CallRow> joined(
      IPage<CallRow> page,
      @Param("condition") CallCondition condition,
      @Param("order") String order);

  /** Calls whose labels are read by a query of their own, one for each call. */
  IPage<CallRow> nested(
      IPage<CallRow> page,
      @Param("condition") CallCondition condition,
      @Param("order") String order);
}
