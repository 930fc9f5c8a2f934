# Prints each document on standard input again, once in each style that is named.
#
# A line in is one JSON text. A line out is the printed bytes in Base64, or `!` where
# the text cannot be read or printed. The first style comes first, with all documents.
# Rails changes `to_json` for the whole process, so it must be the only style then.
require "json"

STYLES = {
  "ruby-generate" => ->(value) { JSON.generate(value) },
  "ruby-pretty-generate" => ->(value) { JSON.pretty_generate(value) },
  "ruby-pretty-generate-before-2-8" => ->(value) { JSON.pretty_generate(value) },
  "ruby-rails" => ->(value) { value.to_json },
}

if ARGV.include?("ruby-rails")
  require "active_support"
  require "active_support/core_ext/object/json"
end

documents = $stdin.read.force_encoding("UTF-8").split("\n")
ARGV.each do |code|
  documents.each do |text|
    begin
      puts [STYLES.fetch(code).call(JSON.parse(text))].pack("m0")
    rescue JSON::JSONError, EncodingError
      puts "!"
    end
  end
end
