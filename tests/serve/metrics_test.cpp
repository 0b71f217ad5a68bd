// What Prometheus is told.
#include "tools/serve/metrics.h"

#include <gtest/gtest.h>

namespace fovea::tools {
namespace {

TEST(Metrics, HistogramsAreCumulative) {
  Histogram histogram;
  for (const double seconds : {0.0005, 0.001, 0.2, 100.0}) histogram.add(seconds);
  const std::string text = histogram.text("h", "Help.");
  EXPECT_NE(text.find("# TYPE h histogram\n"), std::string::npos);
  EXPECT_NE(text.find("h_bucket{le=\"0.001\"} 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("h_bucket{le=\"0.25\"} 3\n"), std::string::npos);
  EXPECT_NE(text.find("h_bucket{le=\"60\"} 3\n"), std::string::npos);
  EXPECT_NE(text.find("h_bucket{le=\"+Inf\"} 4\n"), std::string::npos);
  EXPECT_NE(text.find("h_count 4\n"), std::string::npos);
}

TEST(Metrics, CountsRequestsByCode) {
  Metrics metrics;
  metrics.request(200, 0.1);
  metrics.request(200, 0.3);
  metrics.request(503, 0.0);
  metrics.image(true);
  metrics.image(false);
  EXPECT_DOUBLE_EQ(metrics.mean(Metrics::Stage::request), 0.4 / 3);
  const std::string text = metrics.text({7, 3, 2, true}, "abc");
  for (const char* line :
       {"fovea_requests_total{code=\"200\"} 2\n", "fovea_requests_total{code=\"503\"} 1\n", "fovea_queue_length 7\n",
        "fovea_connections 3\n", "fovea_ready 1\n", "fovea_images_total{result=\"failed\"} 1\n", "model=\"abc\"}"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

}  // namespace
}  // namespace fovea::tools
