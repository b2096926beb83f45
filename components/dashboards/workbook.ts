import { DEFAULT_TITLE, featuresOf, type WorkbookOptions } from "./options.ts";
import { sectionsFor } from "./sections.ts";
import { workbookItem } from "./workbook/items.ts";
import { parameters } from "./workbook/parameters.ts";

/**
 * The dashboard as an Azure Monitor workbook: the text that a Workbook resource takes as `serializedData`. Metrics come
 * from the Azure Monitor workspace, logs from Log Analytics and quotas from Azure Resource Graph.
 */
export function azureWorkbook(options: WorkbookOptions): string {
  const { title = DEFAULT_TITLE, clusterName, azureMonitorWorkspaceId } = options;
  const groups = sectionsFor(featuresOf(options)).map((section) => ({
    type: 12,
    content: {
      version: "NotebookGroup/1.0",
      groupType: "editable",
      title: section.title,
      expandable: true,
      expanded: true,
      items: [
        { type: 1, content: { json: section.about }, name: `about-${section.id}` },
        ...section.panels.map((panel) => workbookItem(panel, options)),
      ],
    },
    name: `section-${section.id}`,
  }));
  return JSON.stringify({
    version: "Notebook/1.0",
    items: [
      { type: 1, content: { json: `# ${title}: ${clusterName}` }, name: "title" },
      parameters(azureMonitorWorkspaceId),
      ...groups,
    ],
    fallbackResourceIds: [azureMonitorWorkspaceId],
    $schema: "https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json",
  });
}
