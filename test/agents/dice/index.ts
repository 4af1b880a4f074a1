import { Agents, definePlugin, Type } from "openclaw/plugin-sdk";

export default definePlugin((gateway) => {
  gateway.hooks
    .of(Agents)
    .tool.for("dice")
    .tap({ description: "Rolls a die", parameters: Type.Object({ sides: Type.Integer({ minimum: 2 }) }) }, () => ({
      content: [{ type: "text", text: "rolled 4" }],
    }));
});
