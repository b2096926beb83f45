// Command pulumi-resource-kubernetes is the real pulumi-kubernetes plugin: upstream's own provider
// package behind upstream's own Serve. Upstream's main package embeds two files that a generator
// writes into it; this one reads the same two files, as upstream's module carries them, from the
// folder `share` beside the folder that holds the program. The build puts them there.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// The tag of the pinned commit.
const version = "4.25.0"

func main() {
	program, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	share := filepath.Join(filepath.Dir(filepath.Dir(program)), "share", "pulumi-kubernetes")
	provider.Serve("kubernetes", version, read(share, "schema.json"), read(share, "terraform-mapping.json"))
}

func read(dir, name string) []byte {
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		log.Fatal(err)
	}
	return content
}
