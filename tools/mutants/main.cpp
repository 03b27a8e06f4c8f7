// SPDX-License-Identifier: BSL-1.0
// In place of the tests' own: ends at the first failure, since one is enough to kill a mutant.
// tools/mutate puts mutants.hpp before it.
#define BOOST_TEST_MODULE protocol
#include <boost/test/tree/observer.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>

namespace {

struct first_failure : boost::unit_test::test_observer {
    void assertion_result(boost::unit_test::assertion_result result) override
    {
        if (result == boost::unit_test::AR_FAILED)
            std::_Exit(1);
    }

    void exception_caught(boost::execution_exception const&) override { std::_Exit(1); }
};

void tell_passed()
{
    if (!mutants::passed_file())
        return;
    std::ofstream file(mutants::passed_file());
    for (std::size_t number = 0; number < mutants::passed().size(); ++number)
        if (mutants::passed()[number])
            file << number << '\n';
}

struct ends_at_first_failure {
    ends_at_first_failure() { boost::unit_test::framework::register_observer(observer); }
    ~ends_at_first_failure()
    {
        boost::unit_test::framework::deregister_observer(observer);
        tell_passed();
    }
    first_failure observer;
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(ends_at_first_failure);
