package webhook

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // gateways sign by it
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"
)

// text is a template of a gateway's file.
type text struct {
	line int
	t    *template.Template
}

// UnmarshalYAML reads a text; a fault of it stands among the others of the file.
func (x *text) UnmarshalYAML(node *yaml.Node) error {
	fault := func(why string) error {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %s", node.Line, why)}}
	}
	if node.Kind != yaml.ScalarNode {
		return fault("want a text")
	}
	t, err := template.New("").Option("missingkey=error").Funcs(functions()).Parse(node.Value)
	if err != nil {
		return fault("the text cannot be read: " + strings.TrimPrefix(err.Error(), "template: "))
	}
	x.line, x.t = node.Line, t
	return nil
}

// fill writes a text. The error holds no value.
func (x *text) fill(values map[string]any) (string, error) {
	var b strings.Builder
	if err := x.t.Execute(&b, values); err != nil {
		return "", fmt.Errorf("line %d: a value of the text is not known, or a function got what it cannot take (known: %s)",
			x.line, strings.Join(slices.Sorted(maps.Keys(values)), ", "))
	}
	return b.String(), nil
}

// functions are what texts may call, beside those of Go's text/template.
func functions() template.FuncMap {
	return template.FuncMap{
		"hmac_sha1": func(key, data string) string {
			mac := hmac.New(sha1.New, []byte(key))
			mac.Write([]byte(data))
			return string(mac.Sum(nil))
		},
		"hmac_sha256": func(key, data string) string {
			mac := hmac.New(sha256.New, []byte(key))
			mac.Write([]byte(data))
			return string(mac.Sum(nil))
		},
		"sha256":  func(data string) string { sum := sha256.Sum256([]byte(data)); return string(sum[:]) },
		"base64":  func(data string) string { return base64.StdEncoding.EncodeToString([]byte(data)) },
		"hex":     func(data string) string { return hex.EncodeToString([]byte(data)) },
		"percent": percent,
		"quoted": func(data string) (string, error) {
			raw, err := json.Marshal(data)
			return string(raw), err
		},
	}
}

// percent encodes by RFC 3986: all but letters, digits and -._~.
func percent(text string) string {
	return strings.NewReplacer("+", "%20", "%7E", "~").Replace(url.QueryEscape(text))
}

// query is parameters sorted by name and percent-encoded.
func query(params map[string]string) string {
	parts := make([]string, 0, len(params))
	for _, name := range slices.Sorted(maps.Keys(params)) {
		parts = append(parts, percent(name)+"="+percent(params[name]))
	}
	return strings.Join(parts, "&")
}

// tree is a JSON document whose texts are templates.
type tree struct {
	leaf *text
	list []tree
	maps map[string]tree
	with any // a number, true, false or null
}

// UnmarshalYAML reads a tree; texts are those that YAML takes for texts.
func (x *tree) UnmarshalYAML(node *yaml.Node) error {
	switch {
	case node.Kind == yaml.MappingNode:
		return node.Decode(&x.maps)
	case node.Kind == yaml.SequenceNode:
		x.list = []tree{}
		return node.Decode(&x.list)
	case node.Tag == "!!str":
		x.leaf = &text{}
		return x.leaf.UnmarshalYAML(node)
	}
	return node.Decode(&x.with)
}

// fill is the document of a message.
func (x *tree) fill(values map[string]any) (any, error) {
	switch {
	case x.leaf != nil:
		return x.leaf.fill(values)
	case x.maps != nil:
		out := map[string]any{}
		for name, child := range x.maps {
			filled, err := child.fill(values)
			if err != nil {
				return nil, err
			}
			out[name] = filled
		}
		return out, nil
	case x.list != nil:
		out := make([]any, len(x.list))
		for i := range x.list {
			filled, err := x.list[i].fill(values)
			if err != nil {
				return nil, err
			}
			out[i] = filled
		}
		return out, nil
	}
	return x.with, nil
}
