// Prints each document on standard input again, once in each style that is named.
//
// A line in is one JSON text. A line out is the printed bytes in Base64, or `!` where
// the text cannot be read or printed. The first style comes first, with all documents.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// member is one field of a struct, in the order of its definition.
type member struct {
	key   string
	value any
}

// fields stands for a struct: its order is kept, and a whole number is an int64.
type fields []member

// MarshalJSON prints the fields as encoding/json prints those of a struct.
func (f fields) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range f {
		if i > 0 {
			out.WriteByte(',')
		}
		key, err := json.Marshal(m.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		out.Write(key)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// ordered reads the value that starts at the next token.
func ordered(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Number:
		if whole, err := token.Int64(); err == nil {
			return whole, nil
		}
		return token.Float64()
	case json.Delim:
		if token == '[' {
			list := []any{}
			for d.More() {
				value, err := ordered(d)
				if err != nil {
					return nil, err
				}
				list = append(list, value)
			}
			_, err := d.Token()
			return list, err
		}
		found := fields{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := ordered(d)
			if err != nil {
				return nil, err
			}
			found = found.with(key.(string), value)
		}
		_, err := d.Token()
		return found, err
	}
	return token, nil
}

// with sets a field: one that is there keeps its place.
func (f fields) with(key string, value any) fields {
	for i := range f {
		if f[i].key == key {
			f[i].value = value
			return f
		}
	}
	return append(f, member{key, value})
}

func decoded(text string) (any, error) {
	var value any
	err := json.Unmarshal([]byte(text), &value)
	return value, err
}

func decodedInOrder(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	return ordered(decoder)
}

func encoded(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	// The line feed at the end belongs to the stream, not to the value.
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

func printed(code, text string) ([]byte, error) {
	read := decoded
	if code == "go-marshal-struct" {
		read = decodedInOrder
	}
	value, err := read(text)
	if err != nil {
		return nil, err
	}
	switch code {
	case "go-marshal-map", "go-marshal-struct":
		return json.Marshal(value)
	case "go-marshal-map-indent-2":
		return json.MarshalIndent(value, "", "  ")
	case "go-marshal-map-tab":
		return json.MarshalIndent(value, "", "\t")
	case "go-encoder-map":
		return encoded(value)
	}
	panic("no such style: " + code)
}

func main() {
	var documents []string
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		documents = append(documents, lines.Text())
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, code := range os.Args[1:] {
		for _, text := range documents {
			if bytes, err := printed(code, text); err != nil {
				fmt.Fprintln(out, "!")
			} else {
				fmt.Fprintln(out, base64.StdEncoding.EncodeToString(bytes))
			}
		}
	}
}
