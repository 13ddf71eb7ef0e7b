// C++ simdjson as `simdjson.rs` calls it. A parser that is kept is reused, as its documentation asks for.
#include "simdjson.h"

#include <string_view>

// `contestants.ts` names it in reports.
static_assert(std::string_view(SIMDJSON_VERSION) == "4.6.4");

namespace {

using namespace simdjson;

struct Text {
  const char *data;
  size_t length;
};

// As `simdjson.rs` numbers them.
enum Kind : uint32_t { null_value, boolean, number, text };

struct Found {
  Kind kind;
  double number;
  Text text;
};

struct Request {
  const Text *pointers;
  size_t count;
  bool keep_memory;
  bool (*push)(void *to, const Found *found);
  void *to;
};

dom::parser kept_parser;
ondemand::parser kept_on_demand_parser;

/** Divides the size of every page there is. */
constexpr uintptr_t PAGE = 4096;

/**
 * With the readable bytes behind it that simdjson wants. As its documentation says they are there, whoever owns them, unless a page ends
 * before: only then it is copied. Versions after this one have it as `padded_input`.
 */
padded_string_view padded(const char *bytes, size_t length) {
  static padded_string copy;
  const auto last = reinterpret_cast<uintptr_t>(bytes) + length - 1;
  if (last % PAGE + SIMDJSON_PADDING < PAGE) return padded_string_view(bytes, length, length + SIMDJSON_PADDING);
  copy = padded_string(bytes, length);
  return copy;
}

error_code parse(dom::parser &parser, const char *bytes, size_t length, dom::element &root) {
  const auto input = padded(bytes, length);
  return parser.parse(reinterpret_cast<const uint8_t *>(input.data()), input.length(), false).get(root);
}

bool push_scalar(dom::element value, const Request &request) {
  Found found{null_value, 0, {nullptr, 0}};
  std::string_view string;
  bool flag;
  if (value.get(string) == SUCCESS) {
    found = {text, 0, {string.data(), string.size()}};
  } else if (value.get(found.number) == SUCCESS) {
    found.kind = number;
  } else if (value.get(flag) == SUCCESS) {
    found = {boolean, flag ? 1.0 : 0.0, {nullptr, 0}};
  } else if (!value.is_null()) {
    return false;
  }
  return request.push(request.to, &found);
}

bool push_scalar(ondemand::value value, const Request &request) {
  Found found{null_value, 0, {nullptr, 0}};
  std::string_view string;
  bool flag;
  ondemand::json_type type;
  if (value.type().get(type) != SUCCESS) return false;
  switch (type) {
  case ondemand::json_type::string:
    if (value.get(string) != SUCCESS) return false;
    found = {text, 0, {string.data(), string.size()}};
    break;
  case ondemand::json_type::number:
    if (value.get(found.number) != SUCCESS) return false;
    found.kind = number;
    break;
  case ondemand::json_type::boolean:
    if (value.get(flag) != SUCCESS) return false;
    found = {boolean, flag ? 1.0 : 0.0, {nullptr, 0}};
    break;
  case ondemand::json_type::null:
    break;
  default:
    return false;
  }
  return request.push(request.to, &found);
}

/** At every pointer, in a document of either kind. */
template <typename Value, typename Document> bool push_all(Document &document, const Request &request) {
  for (size_t i = 0; i < request.count; i++) {
    const auto [data, length] = request.pointers[i];
    Value value;
    if (document.at_pointer({data, length}).get(value) != SUCCESS) return false;
    if (!push_scalar(value, request)) return false;
  }
  return true;
}

bool get(dom::parser &parser, const char *bytes, size_t length, const Request &request) {
  dom::element root;
  return parse(parser, bytes, length, root) == SUCCESS && push_all<dom::element>(root, request);
}

bool get_on_demand(ondemand::parser &parser, const char *bytes, size_t length, const Request &request) {
  ondemand::document document;
  if (parser.iterate(padded(bytes, length)).get(document) != SUCCESS) return false;
  return push_all<ondemand::value>(document, request);
}

} // namespace

extern "C" {

bool peer_simdjson_is_valid(const char *bytes, size_t length) {
  dom::element root;
  return parse(kept_parser, bytes, length, root) == SUCCESS;
}

bool peer_simdjson_get(const char *bytes, size_t length, const Request *request) {
  if (request->keep_memory) return get(kept_parser, bytes, length, *request);
  dom::parser parser;
  return get(parser, bytes, length, *request);
}

/** From the document that was parsed last, in memory that was kept. */
bool peer_simdjson_get_again(const char *, size_t, const Request *request) {
  dom::element root = kept_parser.doc.root();
  return push_all<dom::element>(root, *request);
}

bool peer_simdjson_on_demand(const char *bytes, size_t length, const Request *request) {
  if (request->keep_memory) return get_on_demand(kept_on_demand_parser, bytes, length, *request);
  ondemand::parser parser;
  return get_on_demand(parser, bytes, length, *request);
}

} // extern "C"
