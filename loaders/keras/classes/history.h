// Since when Keras has had its layers and activation functions, from its own history.
#pragma once

#include <string>

namespace fovea::keras {

/// False if Keras of `version` ("2.3.1", "2.4.0-tf"; "" = not known) had no layer of this class: a class of that name
/// is then of the model's author. True for classes that are not known here at all.
bool had_class(const std::string& class_name, const std::string& version);

/// The same for the name of an activation function. A name that Keras has never had is nobody's but the author's.
bool had_activation(const std::string& name, const std::string& version);

}  // namespace fovea::keras
