package rules

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"presage"
)

// Text is a policy's document as a person edits it: YAML, in the order of its fields.
func (b *Book) Text(p presage.Policy) (string, error) {
	var node yaml.Node
	if err := yaml.Unmarshal(p.Document, &node); err != nil {
		return "", fmt.Errorf("show policy version %d: %w", p.Version, err)
	}
	plain(&node)
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(&node); err != nil {
		return "", fmt.Errorf("show policy version %d: %w", p.Version, err)
	}
	return out.String(), nil
}

// plain takes the brackets and quotes of JSON away; what needs quotes is given
// them again when it is written.
func plain(n *yaml.Node) {
	n.Style = 0
	for _, inner := range n.Content {
		plain(inner)
	}
}
