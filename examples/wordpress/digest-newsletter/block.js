/* The block in the editor: two fields, and the form as the server prints it. */
(function (blocks, element, editor, components, serverSideRender) {
  const { createElement: h, Fragment } = element;
  blocks.registerBlockType("digest/newsletter", {
    edit({ attributes, setAttributes }) {
      const field = (name, label) =>
        h(components.TextControl, {
          label,
          value: attributes[name],
          onChange: (value) => setAttributes({ [name]: value }),
        });
      return h(
        Fragment,
        {},
        h(
          editor.InspectorControls,
          {},
          h(
            components.PanelBody,
            { title: "Newsletter" },
            field("edition", "Edition (empty: all of them)"),
            field("language", "Language (empty: the site’s)"),
          ),
        ),
        h(serverSideRender, { block: "digest/newsletter", attributes }),
      );
    },
    save: () => null,
  });
})(wp.blocks, wp.element, wp.blockEditor, wp.components, wp.serverSideRender);
