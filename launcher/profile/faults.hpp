#pragma once
// All errors instead of the first: what an error's origin names is taken out, and the rest is looked at again.

#include "launcher/base/error.hpp"
#include "launcher/profile/document.hpp"
#include "launcher/profile/profile.hpp"

#include <vector>

namespace profile {

/// As read_profile, but what is wrong is left out and its error added to `faults`.
Profile read_each(Table document, Layer layer, std::vector<base::Error>& faults);

/// Takes out what stands at `origin`: an entry, a value, an item of a list. False: nothing does.
bool take_out(Table& document, const base::Origin& origin);

/// Takes out every value whose last setting stands at `origin`. False: there is none.
bool take_out(Profile& profile, const base::Origin& origin);

} // namespace profile
