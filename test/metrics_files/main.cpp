// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE metrics_files
#include <boost/test/unit_test.hpp>
