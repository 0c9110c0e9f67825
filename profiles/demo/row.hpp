#pragma once
// The demo's table: a row is one thing that was looked at or tried from inside, and whether it is as it should be.

#include <string>
#include <vector>

namespace demo {

enum class Verdict {
    good, ///< as a confined process should find it, or refused as it should be
    bad,  ///< something that should not be there, or that should have been refused and was not
    told, ///< neither: for information
};

struct Row {
    std::string subject;
    std::string outcome;
    Verdict verdict = Verdict::told;
};

/// What this process finds about itself and its surroundings. Changes nothing.
std::vector<Row> facts();

/// What this process tries to reach and should be refused. What succeeds all the same is undone at once.
std::vector<Row> attempts();

} // namespace demo
