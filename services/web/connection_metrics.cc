#include "services/web/connection_metrics.h"

namespace frank::web {
namespace {

services::Counter& CounterOf(services::Metrics& metrics, const char* outcome) {
  return metrics.AddCounter({"web_connections_total",
                             services::MetricKind::kCounter,
                             "Connections of browsers by what became of them",
                             {"outcome"}},
                            {outcome});
}

}  // namespace

ConnectionMetrics::ConnectionMetrics(services::Metrics& metrics)
    : served_(CounterOf(metrics, "served")),
      too_many_(CounterOf(metrics, "too_many")),
      too_many_of_address_(CounterOf(metrics, "too_many_of_address")),
      closed_(CounterOf(metrics, "closed")),
      failed_(CounterOf(metrics, "failed")) {}

void ConnectionMetrics::Count(Admission admission) {
  switch (admission) {
    case Admission::kServed:
      return served_.Add();
    case Admission::kTooMany:
      return too_many_.Add();
    case Admission::kTooManyOfAddress:
      return too_many_of_address_.Add();
    case Admission::kClosed:
      return closed_.Add();
  }
}

}  // namespace frank::web
