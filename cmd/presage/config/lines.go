package config

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"
)

// keyLines tells on which line of a YAML document each key stands, the keys
// joined by dots. A document that does not parse has none: the parser's own
// error names the line.
func keyLines(content []byte) map[string]int {
	lines := map[string]int{}
	var root yaml.Node
	if err := yaml.Unmarshal(content, &root); err != nil {
		return lines
	}
	for _, document := range root.Content {
		noteLines(document, "", lines)
	}
	return lines
}

func noteLines(node *yaml.Node, prefix string, lines map[string]int) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := prefix + node.Content[i].Value
		lines[key] = node.Content[i].Line
		noteLines(node.Content[i+1], key+".", lines)
	}
}

// syntax is the parser's error without the values that it may quote: they could be secrets.
func syntax(err error) string {
	kinds, ok := errors.AsType[*yaml.TypeError](err)
	if !ok {
		return strings.TrimPrefix(err.Error(), "yaml: ")
	}
	for _, e := range kinds.Errors {
		if strings.Contains(e, "already defined") { // a key given twice, with both lines
			return e
		}
	}
	return "the whole file is one value"
}
