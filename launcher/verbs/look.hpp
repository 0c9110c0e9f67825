#pragma once
// What `profile learn` adds to a profile while it looks: the user's home to read, what is sensitive hidden, and all changes in a folder
// that goes with the look.

#include "launcher/plan/plan.hpp"
#include "launcher/profile/load.hpp"

#include <string>
#include <sys/types.h>

namespace verbs {

/// The words that make a look of a request. The app has an id of this process's then: what it changes of the home lies beside that of
/// no other app, and is nobody's to keep.
void add_look(profile::Request& request);

/// The folder of a look's changes, which is removed at the end of this object by the process that made it.
class Changes {
public:
    /// `plan`: of the look.
    explicit Changes(const plan::Plan& plan);
    Changes(const Changes&) = delete;
    Changes& operator=(const Changes&) = delete;
    ~Changes();

    /// By descriptor, and without following a link: all in it is the app's. What ends with the sandbox may still be about to write there for a
    /// moment. Returns whether nothing is left.
    bool remove() const;
    const std::string& path() const { return path_; }

private:
    std::string path_; ///< "" in a process that did not make it
    pid_t owner_;
};

} // namespace verbs
